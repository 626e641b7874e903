"""Scanned pages: pictures recognised as the characters and rules that the reader of PDF takes."""
