"""python -m bench [names] [--quick]

On the PostgreSQL that TEST_DATABASE_URL names, else on the embedded default.
"""

from __future__ import annotations

import argparse
import os

from bench import report
from bench.site import open_site
from bench.works import WORKS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *WORKS], default=[])
    parser.add_argument("--quick", action="store_true", help="smaller boards, one run each")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    rows = []
    with open_site(quick=options.quick) as site:
        print(f"# {site.database}, load average {os.getloadavg()[0]:.1f}\n", flush=True)
        for name in options.names or WORKS:
            found = WORKS[name](site)
            print("\n".join(report.as_text(found).splitlines()[2 if rows else 0 :]), flush=True)
            rows += found
    print(
        f"\nload average {os.getloadavg()[0]:.1f}; written to {report.write(rows, site.database)}"
    )


if __name__ == "__main__":
    main()
