"""The reader of questions in plain words: names of the graph, times, words, then a question."""
