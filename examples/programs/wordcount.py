"""The most frequent words of a real text: the language reference that CPython carries for help()."""

from pydoc_data.topics import topics

from stepwell import jit


def text():
    return "\n".join(topics[name] for name in sorted(topics))


@jit
def count_words(text):
    counts = {}
    for line in text.splitlines():
        for raw in line.split():
            word = raw.strip(".,:;()[]{}\"'`*=").lower()
            if not word.isalpha():
                continue
            if word in counts:
                counts[word] += 1
            else:
                counts[word] = 1
    return counts


@jit
def most_frequent(counts, how_many):
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"{word} {n}" for word, n in ranked[:how_many]]


def run(how_many):
    return most_frequent(count_words(text()), how_many)
