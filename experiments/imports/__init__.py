"""Exports of the platforms as plain observations: recognised by header, read in two passes.

surveyed = surveying.survey(path)            # tables, warnings, refusals, questions
surveyed = surveying.survey(path, answers)   # after a person has answered the questions
for row in reading.rows(surveyed): …         # observations and rejected rows, one by one

Nothing here knows the database or the clock. One subject per module: `encoding`, `delimiter`,
`doubled`, `headers`, `numbers`, `percents`, `dates`, `years`, `durations`, `notposts`,
`identifiers`, `zeros`, `aliases`, `retention`; one module per source.
"""
