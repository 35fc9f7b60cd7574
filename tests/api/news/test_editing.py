"""Writing and publishing news, over HTTP."""

ADD = "/communes/bordeaux/actualites/++add++News%20Item"
ITEM = "/communes/bordeaux/actualites/fete"


def test_an_agent_writes_previews_and_publishes(people):
    agent, visitor = people["agent"], people["visitor"]
    agent.get("/communes/bordeaux")
    assert "/actualites/++add++News Item" in agent.page
    answer = agent.fill(
        ADD,
        title="Fête",
        description="Résumé",
        text="<p>Bonjour<script>alert(1)</script></p>",
        topics=["elections"],
    )
    assert answer.status_code == 200, answer.url
    assert "Le brouillon est enregistré" in agent.page
    assert ITEM in answer.url
    assert "<script>alert" not in agent.page
    assert visitor.get(ITEM, allow_redirects=False).status_code in (302, 404)
    assert agent.get(f"{ITEM}/@@apercu").status_code == 200
    assert "edit-zone" not in agent.page and "Ceci est un aperçu" in agent.page
    agent.get(ITEM)
    answer = agent.post(f"{ITEM}/@@publication", data={"step": "publish"})
    assert "L’actualité est publiée" in agent.page
    assert visitor.get(ITEM).status_code == 200
    assert "Pour les rédacteurs" not in visitor.page
    assert "Bonjour" in visitor.page and "Élections" in visitor.page
