"""The tour that `make demo` takes."""

import stepwell

print(f"stepwell {stepwell.__version__} is installed and imports.")
