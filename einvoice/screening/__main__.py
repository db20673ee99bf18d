"""`python -m einvoice.screening` prints the tables of docs/einvoice-screening.md."""

import sys

from einvoice.screening.tables import rates_table, rules_table

sys.stdout.write(f"{rules_table()}\n\n{rates_table()}\n")
