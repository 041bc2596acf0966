"""Figures of a report, fit for a paper: SVG, PDF and PNG, in colours that colour-blind readers can tell apart.

    style     how all of them look             draw       a figure as bytes, and files in a folder
    accuracy  by arm, by iteration, the gap    forest     paired differences
    beliefs   calibration, belief by round     cost       what accuracy costs
    skill     accuracy against skill

A figure is drawn only from what a report holds or its rows say. One whose data a run does not have is left out.
"""

from arena.report.figures.draw import Picture, figures, save

__all__ = ["Picture", "figures", "save"]
