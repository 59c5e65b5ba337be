"""Run as a process of its own: what the real SDK writes for dictionaries, and reads of that."""

from __future__ import annotations

import json
import sys

from clearml.utilities.config import config_dict_to_text, text_to_config_dict


def main() -> None:
    found = []
    for dictionary in json.load(sys.stdin):
        try:
            text = config_dict_to_text(dictionary)
            found.append([text, text_to_config_dict(text)])
        except ValueError:  # the SDK cannot write it, or cannot read what it wrote
            continue
    # In lists within lists the SDK leaves objects of its parser in place of None.
    json.dump(found, sys.stdout, default=lambda value: None)


if __name__ == "__main__":
    main()
