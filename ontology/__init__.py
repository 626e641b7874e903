"""Vocabulary, shapes and gazetteers, and the names of IRIs."""
