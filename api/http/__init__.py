"""Requests and replies: headers, negotiation, problems, static files."""
