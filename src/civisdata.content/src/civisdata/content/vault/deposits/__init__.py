"""Deposits: documents that publishers put into spaces whose citizens agreed to it."""
