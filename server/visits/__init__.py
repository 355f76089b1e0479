"""走访记录: a secretary notes a visit, with or without signal; voluntary by design (no place and no
photo is asked for), and nothing sent is refused for being far or late: it is kept and labelled."""
