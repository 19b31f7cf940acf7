"""The script that the bundle starts; its worker processes start here too."""

import sys

from app.main import main

sys.exit(main())
