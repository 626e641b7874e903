"""Briefings and agendas as files."""
