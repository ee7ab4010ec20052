"""`python -m stepwell`: see `stepwell._command`."""

from stepwell._command import main

if __name__ == "__main__":
    main()
