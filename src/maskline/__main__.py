"""`python -m maskline` is the command line."""

from maskline.cli import main

if __name__ == "__main__":
    main()
