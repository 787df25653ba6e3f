"""A walk on a graph: the axes are cleared, networkx draws nodes, edges and labels again."""

import matplotlib.pyplot as plt
import networkx as nx
from matplotlib.animation import FuncAnimation

graph = nx.karate_club_graph()
layout = nx.spring_layout(graph, seed=0)
fig, ax = plt.subplots()


def update(i):
    ax.clear()
    colors = ["tab:red" if node == i else "tab:blue" for node in graph]
    nx.draw(graph, layout, ax=ax, node_color=colors, with_labels=True, node_size=150)
    ax.set_title(f"node {i}")


ani = FuncAnimation(fig, update, frames=8)
