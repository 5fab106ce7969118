"""Which language a mail is written in."""

from collections.abc import Collection, Sequence


def best_language(wanted: Sequence[str], available: Collection[str], fallback: str) -> str:
    """Return the available language that is wanted most.

    Args:
        wanted: Language ranges such as "de-CH", the most wanted one first; any texts.
        available: Language tags, such as "de".
        fallback: The language if none of the wanted ones is available.

    Returns:
        One of `available`, or `fallback`: never a text of `wanted`.

    Source: RFC 4647, section 3.4 (lookup).
    """
    tags = {tag.lower(): tag for tag in available}
    for each in wanted:
        subtags = each.lower().split("-")
        while subtags:
            if found := tags.get("-".join(subtags)):
                return found
            subtags.pop()
    return fallback
