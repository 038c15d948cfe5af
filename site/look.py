"""Looks at every page of the site in Chromium, at the width of a desktop and of a phone, and says what is wrong: a link
or picture that leads nowhere, an error on the console, a request to another host, a page wider than the window.

    look.py FOLDER CHROMIUM [PICTURES]    with PICTURES, a folder, pictures of some pages are put there
"""

import functools
import http.server
import pathlib
import sys
import threading
from urllib.parse import unquote, urldefrag, urljoin, urlparse

from playwright.sync_api import sync_playwright

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
PICTURED = ["index.html", "docs/contract.html", "javadoc/popol/popol/Sources.html"]
# Javadoc's own pages: one of each kind is looked at, its links are the tool's.
JAVADOC = ["javadoc/index.html", "javadoc/popol/popol/package-summary.html", "javadoc/popol/popol/Sources.html"]


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def main(folder, chromium, pictures=None):
    root = pathlib.Path(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"
    pages = [str(p.relative_to(root)) for p in sorted(root.rglob("*.html"))
             if not str(p.relative_to(root)).startswith("javadoc/") and p.name != "404.html"] + JAVADOC
    wrong, links, anchors = [], set(), {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for kind, (width, height) in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            here = {"name": ""}

            def complain(what, here=here, kind=kind):
                wrong.append(f"{here['name']} ({kind}): {what}")

            page.on("console", lambda m: complain(f"console: {m.text}") if m.type in ("error", "warning") else None)
            page.on("pageerror", lambda e: complain(f"error: {e}"))
            page.on("request", lambda r: None if r.url.startswith((base, "data:", "blob:"))
                    else complain(f"request to {r.url}"))
            page.on("response", lambda r: complain(f"{r.status} for {r.url}") if r.status >= 400 else None)
            for name in pages:
                here["name"] = name
                page.goto(base + name, wait_until="load")
                over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if over > 0:
                    complain(f"{over} pixels wider than the window")
                for picture in page.evaluate(
                        "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"):
                    complain(f"no picture at {picture}")
                anchors[name] = set(page.evaluate("[...document.querySelectorAll('[id],a[name]')].map(e => e.id || e.name)"))
                if not name.startswith("javadoc/"):
                    for link in page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)"):
                        if link.startswith(base):
                            links.add((name, link))
                if pictures and name in PICTURED:
                    page.screenshot(path=f"{pictures}/{kind}-{name.replace('/', '-')}.png")
            page.close()
        browser.close()
    for name, link in sorted(links):
        url, anchor = urldefrag(link)
        target = unquote(urlparse(url).path).lstrip("/") or "index.html"
        if target.endswith("/"):
            target += "index.html"
        if not (root / target).is_file():
            wrong.append(f"{name}: a link to {target}, which is not there")
        elif anchor and target in anchors and unquote(anchor) not in anchors[target]:
            wrong.append(f"{name}: a link to {target}#{anchor}, which is not there")
    server.shutdown()
    for one in wrong:
        print(one)
    print(f"site: {len(pages)} pages at {len(WIDTHS)} widths, {len(links)} links: {len(wrong)} wrong")
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))
