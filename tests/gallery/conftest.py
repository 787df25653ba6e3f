"""The scripts in ``packages`` are run by the harness; pytest must not import them."""

collect_ignore_glob = ["packages/*"]
