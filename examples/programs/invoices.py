"""A program that fails, to show its traceback."""

from stepwell import jit


@jit
def unit_price(total, count):
    return total / count


@jit
def report(invoices):
    lines = []
    for customer, total, count in invoices:
        try:
            lines.append(f"{customer}: {unit_price(total, count):.2f}")
        except TypeError as error:
            raise ValueError(f"bad invoice of {customer}") from error
    return lines


INVOICES = [("Ada", 120.0, 3), ("Blaise", 10.0, "two"), ("Carl", 1.0, 1)]
