"""Sparql protocol routes."""
