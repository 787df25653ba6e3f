"""Finding and loading scene scripts, and reading their parameters from the signature of ``build``."""
