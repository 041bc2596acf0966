"""A report as one page of HTML: tables, figures, and every episode behind a number; no network, no other file.

    episodes   the events of an episode as what the page shows of it
    write      the page, put together
    page.html  page.css  page.js   what it is made of

Whatever somebody wrote reaches the page as data, which the script shows as text: nothing of it is markup or code. A
content security policy says so to the browser as well.
"""

from arena.report.page.write import write_page

__all__ = ["write_page"]
