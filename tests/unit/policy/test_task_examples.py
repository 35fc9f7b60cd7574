"""The examples of docs/reference/tasks.md are calls that the tasks take."""

from civisdata.content.vault.deposits.work import deposit_batch
from pathlib import Path
import ast
import pytest
import re


DOCUMENT = Path(__file__).parents[3] / "docs/reference/tasks.md"


def test_the_batch_of_the_documentation_is_the_codes():
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.S)
    nodes = [node for block in blocks for node in ast.walk(ast.parse(block))]
    (shown,) = (
        node
        for node in nodes
        if isinstance(node, ast.FunctionDef) and node.name == "deposit_batch"
    )
    names = [argument.arg for argument in shown.args.kwonlyargs]
    (call,) = (
        node
        for node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "enqueue"
    )
    assert ast.literal_eval(call.args[0]) == deposit_batch.name
    assert [keyword.arg for keyword in call.keywords] == names
    deposit_batch.check(dict.fromkeys(names, ""))
    with pytest.raises(TypeError):
        deposit_batch.check({"batch_id": ""})
