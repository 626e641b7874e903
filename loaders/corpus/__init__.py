"""Read many documents, publish them, review doubts."""
