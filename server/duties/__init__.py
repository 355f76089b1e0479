"""派出单位责任: what units, branches and organization departments owe, and by when; done, due and
overdue are computed from the records people make anyway, and point at the holder alone."""
