"""The vocabulary, the shapes and the gazetteers, and the module that names their IRIs."""
