"""Briefings and agendas as Word, PDF and HTML."""
