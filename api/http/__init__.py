"""Request and reply over asgi, problems, negotiation."""
