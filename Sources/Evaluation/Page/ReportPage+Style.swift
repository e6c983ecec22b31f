extension ReportPage {
    /// The page's look: the system's font, light or dark as the reader's system is.
    static let style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #626b76; --line: #dfe3e8; --paper: #fff;
          --card: #f6f7f9; --c0: #1f6feb; --c1: #d9730d; --c2: #1a8a5a; --c3: #9a4fc7; --bar: #1f6feb1c; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #98a2ae; --line: #313843;
          --paper: #14171b; --card: #1d2127; --c0: #58a0ff; --c1: #f19a4a; --c2: #45c08b; --c3: #c48be8; --bar: #58a0ff2e; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
        main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -.01em; overflow-wrap: anywhere; }
        h2 { font-size: 21px; margin: 0 0 12px; overflow-wrap: anywhere; }
        h2 small { font-size: 14px; font-weight: 400; color: var(--soft); margin-left: 8px; }
        h3 { font-size: 14px; margin: 24px 0 8px; font-weight: 600; }
        header p { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
        a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: 3px; }
        .code { font: 13px ui-monospace, "DejaVu Sans Mono", monospace; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); gap: 10px; margin: 24px 0; }
        .tile { background: var(--card); border-radius: 10px; padding: 12px 14px; }
        .tile span { display: block; font-size: 13px; color: var(--soft); }
        .tile b { font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
        .tile.first { background: var(--c0); color: #fff; }
        .tile.first span { color: #ffffffd0; }
        @media (prefers-color-scheme: dark) { .tile.first { color: #0b1420; } .tile.first span { color: #0b1420b0; } }
        .wide { overflow-x: auto; margin: 0 0 20px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 6px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child { text-align: left; font-weight: 500; }
        thead button { all: unset; cursor: pointer; font-size: 13px; font-weight: 500; color: var(--soft); }
        thead button:hover, thead button:focus-visible { color: var(--ink); text-decoration: underline; }
        td { background: linear-gradient(to right, var(--bar) var(--v), transparent var(--v)) no-repeat 12px 50% / calc(100% - 12px) 70%; }
        section { border-top: 1px solid var(--line); margin-top: 36px; padding-top: 28px; scroll-margin-top: 8px; }
        .plot { display: grid; grid-template-columns: 40px 1fr; grid-template-areas: ". legend" "axis svg" ". ends"; }
        .plot svg { grid-area: svg; width: 100%; height: 180px; overflow: visible; display: block; }
        .axis { grid-area: axis; display: flex; flex-direction: column; justify-content: space-between; margin: -9px 8px -9px 0; }
        .axis, .ends { font-size: 12px; color: var(--soft); text-align: right; font-variant-numeric: tabular-nums; }
        .ends { grid-area: ends; display: flex; justify-content: space-between; margin-top: 6px; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--soft); margin-bottom: 8px; }
        .plot .legend { grid-area: legend; margin-bottom: 12px; }
        .legend span { display: inline-flex; align-items: center; gap: 6px; }
        .legend i { width: 14px; height: 10px; border-radius: 3px; display: inline-block; box-shadow: 0 0 0 1px #8884; }
        .plot .legend i { height: 3px; border-radius: 2px; box-shadow: none; }
        .legend i.c0 { background: var(--c0); } .legend i.c1 { background: var(--c1); }
        .legend i.c2 { background: var(--c2); } .legend i.c3 { background: var(--c3); }
        svg path { vector-effect: non-scaling-stroke; fill: none; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .line { stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); } .line.c3 { stroke: var(--c3); }
        .line.thin { stroke: var(--soft); stroke-width: 1; opacity: .45; }
        .hover { fill: transparent; } .hover:hover { fill: var(--soft); opacity: .16; }
        .mark { stroke: var(--ink); stroke-width: 9; stroke-linecap: round; cursor: pointer; }
        figure { margin: 0 0 18px; padding: 12px; background: var(--card); border-radius: 10px; scroll-margin-top: 12px; }
        figure:target { outline: 2px solid var(--c0); }
        figcaption { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 14px; margin-bottom: 8px; font-variant-numeric: tabular-nums; }
        figcaption .name { font-weight: 600; } figcaption b { font-weight: 500; } figcaption span + span, figcaption b ~ span { color: var(--soft); }
        .panels { display: grid; grid-template-columns: repeat(4, 1fr); gap: 10px; }
        .panels img { width: 100%; display: block; border-radius: 6px; }
        .panels span { font-size: 12px; color: var(--soft); }
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); gap: 0 18px; }
        .pairs .panels { grid-template-columns: repeat(2, 1fr); }
        footer { border-top: 1px solid var(--line); margin-top: 36px; color: var(--soft); font-size: 14px; }
        footer h3 { color: var(--ink); } footer ul { padding-left: 20px; margin: 0 0 12px; overflow-wrap: anywhere; }
        @media (max-width: 720px) { main { padding: 20px 14px 40px; } h1 { font-size: 23px; }
          h2 small { display: block; margin: 2px 0 0; } .panels { grid-template-columns: repeat(2, 1fr); gap: 8px; }
          .tiles { grid-template-columns: repeat(auto-fill, minmax(100px, 1fr)); gap: 8px; } .tile b { font-size: 19px; }
          .plot { grid-template-columns: 30px 1fr; } .plot svg { height: 140px; } }
        @media print { section { break-inside: avoid-page; } figure { break-inside: avoid; } }
        """

    /// Sorts a table by the column whose title is pressed; again for the other direction.
    static let script = """
        for (const button of document.querySelectorAll("thead button")) button.onclick = () => {
          const cell = button.parentNode, body = cell.closest("table").tBodies[0], column = cell.cellIndex;
          const down = cell.getAttribute("aria-sort") === "ascending";
          for (const other of cell.parentNode.cells) other.removeAttribute("aria-sort");
          cell.setAttribute("aria-sort", down ? "descending" : "ascending");
          const key = row => row.cells[column].textContent, sign = down ? -1 : 1;
          const order = (a, b) => column === 0 ? key(a).localeCompare(key(b), undefined, { numeric: true })
            : (parseFloat(key(a)) || 0) - (parseFloat(key(b)) || 0);
          for (const row of [...body.rows].sort((a, b) => sign * order(a, b))) body.append(row);
        };
        """
}
