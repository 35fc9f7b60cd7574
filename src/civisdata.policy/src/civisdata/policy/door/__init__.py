"""What is reachable at all: WSGI filter, REST allow-list, after-traversal check."""
