import sys

from app.main import main

# A spawned worker imports this module under another name and must not start the app again.
if __name__ == "__main__":
    sys.exit(main())
