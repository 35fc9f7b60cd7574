"""The deployment of Civis Data: distribution, staff, door, operations."""
