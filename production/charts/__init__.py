"""Charts drawn on the server as SVG: numbers and words in, markup out.

chart = charts.Bars(title, desc, bars=[…], marks=[(0, "Mon 26 Oct")], ticks=…, write=…)
charts.Figure("throughput", title, note, chart, charts.Table(caption, heads, rows))

Sentences and formatted numbers are given by whoever knows the language. Colours, type and strokes
are classes of plots.css: nothing here needs a style attribute.
"""

from production.charts.areas import Area, Areas
from production.charts.bars import Bar, Bars
from production.charts.figure import Chart, Figure
from production.charts.frame import FULL, HALF, NARROW, Level, Size
from production.charts.lines import Lines, Row, Series, Stretch
from production.charts.ranges import Forest, Range, RangesByDay
from production.charts.scales import hour_ticks, mondays, round_ticks, whole_ticks
from production.charts.scatter import Bin, Point, Scatter
from production.charts.shares import Part, Piece, Shares, Stack
from production.charts.strips import Dot, Strip, Strips
from production.charts.svg import Drawn
from production.charts.table import Cell, Table

__all__ = [
    "FULL",
    "HALF",
    "NARROW",
    "Area",
    "Areas",
    "Bar",
    "Bars",
    "Bin",
    "Cell",
    "Chart",
    "Dot",
    "Drawn",
    "Figure",
    "Forest",
    "Level",
    "Lines",
    "Part",
    "Piece",
    "Point",
    "Range",
    "RangesByDay",
    "Row",
    "Scatter",
    "Series",
    "Shares",
    "Size",
    "Stack",
    "Stretch",
    "Strip",
    "Strips",
    "Table",
    "hour_ticks",
    "mondays",
    "round_ticks",
    "whole_ticks",
]
