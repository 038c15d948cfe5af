"""Links of the project's Markdown, as a repository's web page shows it, in the site: one to a folder becomes one to its
README, or else to a list of its files."""

import os
import re

LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)")


def on_page_markdown(markdown, page, config, files):
    here = os.path.dirname(page.file.src_uri)

    def replaced(match):
        target = os.path.normpath(os.path.join(here, match.group(1)))
        if not os.path.isdir(os.path.join(config["docs_dir"], target)):
            return match.group(1)
        return match.group(1).rstrip("/") + "/README.md"

    return LINK.sub(replaced, markdown)
