"""``python -m afterfall`` is the command ``afterfall``."""

from afterfall.cli import main

if __name__ == "__main__":
    main()
