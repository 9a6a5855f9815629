/** Colours hold their contrast of 4.5 on both grounds; what they tell, a pattern, a mark or a word tells too. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1a1d21; --quiet: #5a626c; --line: #d5d9de; --soft: #f3f5f7; --link: #0b57c2;
  --good: #0b6b3a; --good-soft: #e7f5ec; --bad: #a3231b; --bad-soft: #fdecea; --neutral: #6a4a00; --neutral-soft: #fdf3dc;
  --work: #0072b2; --back: #b3541e; --fail: #c2185b; --wait: #6b7480; --other: #8a93a0; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --ink: #e6e8ea; --quiet: #a4adb6; --line: #3a4149; --soft: #1e2328; --link: #79b4ff;
  --good: #6fd39a; --good-soft: #12281c; --bad: #ff9a91; --bad-soft: #331715; --neutral: #f0c45c; --neutral-soft: #2c2410;
  --work: #56b4e9; --back: #f0904f; --fail: #ff7eb0; --wait: #9aa4af; --other: #7b8591; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 62rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: .5rem 0 1rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
p { margin: .6rem 0; max-width: 46rem; } .lead { color: var(--quiet); }
a { color: var(--link); } code { font: .88em/1.4 ui-monospace, monospace; background: var(--soft); padding: .05em .3em; border-radius: 3px; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
nav { margin: 1.5rem 0; padding: .75rem 1rem; background: var(--soft); border-radius: 8px; }
nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .92rem; }
.verdict { border-left: 8px solid; border-radius: 8px; padding: .75rem 1rem; }
.verdict.good { border-color: var(--good); background: var(--good-soft); } .verdict.bad { border-color: var(--bad); background: var(--bad-soft); }
.verdict.neutral { border-color: var(--neutral); background: var(--neutral-soft); }
.headline { display: flex; gap: .6rem; align-items: center; font-size: 1.3rem; font-weight: 700; line-height: 1.25; margin: 0; }
.headline svg { flex: none; fill: none; stroke: currentColor; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; border: 2px solid; border-radius: 50%; }
.good .headline { color: var(--good); } .bad .headline { color: var(--bad); } .neutral .headline { color: var(--neutral); }
.verdict dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .5rem 1rem; margin: .75rem 0 0; }
dt { color: var(--quiet); font-size: .82rem; } dd { margin: 0; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: .75rem 0; }
caption { text-align: left; color: var(--quiet); font-size: .88rem; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; } tbody th { font-weight: 600; }
.facts tbody th { color: var(--quiet); font-weight: 400; width: 10rem; } .facts td, .facts th, .long { overflow-wrap: anywhere; } .short { white-space: nowrap; }
pre { background: var(--soft); padding: .8rem; border-radius: 6px; font: .85rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.run { border-left: 4px solid var(--link); }
figure { margin: 1rem 0; } figcaption { color: var(--quiet); font-size: .9rem; max-width: 46rem; } figcaption strong { color: var(--ink); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; padding: 0; margin: .4rem 0; font-size: .85rem; }
.legend svg { vertical-align: -1px; }
details { margin: .4rem 0; } summary { cursor: pointer; color: var(--link); font-size: .9rem; padding: .3rem 0; }
.chart { display: block; overflow: visible; font: 13px system-ui, sans-serif; } .chart text { fill: var(--ink); } .chart .quiet { fill: var(--quiet); } .chart .strong { font-weight: 700; }
.track { fill: var(--soft); } .work { fill: var(--work); } .rollback { fill: url(#p-back); stroke: var(--back); } .failed { fill: url(#p-fail); stroke: var(--fail); }
.wait { fill: url(#p-wait); stroke: var(--wait); } .idle { fill: var(--soft); stroke: var(--other); } .rehearsed { fill: url(#p-other); stroke: var(--other); }
.blocks-all { fill: url(#p-fail); stroke: var(--fail); } .blocks-writes { fill: url(#p-back); stroke: var(--back); } .blocks-none { fill: var(--work); }
.gap { stroke: var(--other); stroke-dasharray: 1 4; } .rule { stroke: var(--line); } .cut { fill: var(--ground); } .sign { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.blocks-ddl { fill: url(#p-wait); stroke: var(--wait); } .yes { fill: var(--good); stroke: var(--ground); } .no { fill: var(--bad); stroke: var(--ground); }
.p-ground { fill: var(--ground); } .p-wait { stroke: var(--wait); } .p-back { stroke: var(--back); } .p-fail { fill: var(--fail); } .p-other { stroke: var(--other); }
.always thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.always, .always tbody, .always tr, .always caption { display: block; } .always tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
.always tbody th { display: block; border: 0; padding: 0 0 .1rem; } .always td { display: inline-flex; gap: .4rem; align-items: baseline; max-width: 100%; border: 0; padding: 0; margin-right: 1rem; }
.always td::before { content: attr(data-label); flex: none; color: var(--quiet); font-size: .85rem; } .always td:has(> span:empty) { display: none; }
@media (max-width: 40rem) {
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards tr, .cards caption { display: block; } .cards tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .cards tbody th { display: block; border: 0; padding: 0 0 .1rem; } .cards td { display: inline-flex; gap: .4rem; align-items: baseline; max-width: 100%; border: 0; padding: 0; margin-right: 1rem; }
  .cards td::before { content: attr(data-label); flex: none; color: var(--quiet); font-size: .85rem; } .cards td:has(> span:empty) { display: none; }
  .facts tbody th { width: 6.5rem; }
}
@media print {
  :root { --ground: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #f3f3f3; --link: #000; --good: #0b6b3a; --good-soft: #fff; --bad: #a3231b; --bad-soft: #fff;
    --neutral: #6a4a00; --neutral-soft: #fff; --work: #0072b2; --back: #b3541e; --fail: #c2185b; --wait: #6b7480; --other: #8a93a0; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } nav, .skip, summary { display: none; } details::details-content { content-visibility: visible; block-size: auto; }
  h2 { break-after: avoid; } tr, figure > svg, .verdict, pre, .legend { break-inside: avoid; } thead { display: table-header-group; } caption { break-after: avoid; }
  * { print-color-adjust: exact; }
}
`;

/** The patterns of all pictures: what tells them apart where colours do not. */
export const PATTERNS = `<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>
<pattern id="p-wait" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="p-ground" width="6" height="6"/><path class="p-wait" d="M0 6L6 0"/></pattern>
<pattern id="p-back" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="p-ground" width="5" height="5"/><path class="p-back" stroke-width="4" d="M1.5 0V5"/></pattern>
<pattern id="p-fail" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="p-fail" width="6" height="6"/><circle cx="3" cy="3" r="1.2" class="p-ground"/></pattern>
<pattern id="p-other" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="p-ground" width="6" height="6"/><path class="p-other" stroke-width="2" d="M0 3H6"/></pattern>
</defs></svg>`;
