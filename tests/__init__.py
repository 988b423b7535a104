"""The suite. A regular package, since some libraries install a package called `tests` of their own."""
