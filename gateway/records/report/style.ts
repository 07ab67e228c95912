/** How a report looks, on a screen and on A4. */
export const colors = {
  ink: '#1c2733',
  accent: '#155e75',
  warm: '#b4432f',
  outcome: { released: '#3f8f9b', withheld: '#e2a72e', refused: '#c65f46', aborted: '#8d7aa6', held: '#7f9a4d' },
  form: {
    clear: '#c0392b',
    partial: '#e8b04b',
    generalize: '#cfc38a',
    token: '#a9cbd1',
    digest: '#7fb0ba',
    redact: '#4d8b99',
    remove: '#1f5a6b',
  },
} as const

export const style = `
@page{size:A4;margin:15mm 14mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:9px sans-serif;color:#65727f}}
*{box-sizing:border-box;-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{background:#e9edf0}
body{margin:0 auto;max-width:840px;background:#fff;padding:44px 56px 56px;color:${colors.ink};
font:14px/1.55 "PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei","Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}
html:lang(en) body{font-family:"Segoe UI",Roboto,"Helvetica Neue",Arial,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif}
header{border-bottom:3px solid ${colors.accent};padding-bottom:14px;margin-bottom:22px}
header p{margin:0;color:#586674}
h1{font-size:27px;line-height:1.25;margin:0 0 6px;font-weight:650;letter-spacing:-.01em}
h1 small{display:block;font-size:14px;font-weight:600;color:${colors.accent};letter-spacing:.04em;margin-bottom:4px}
h2{font-size:16px;margin:0 0 10px;font-weight:650}
section{margin-top:30px;break-inside:avoid}
section>p.note,.note{color:#5f6c79;font-size:12px;margin:6px 0 0}
.lead{font-size:15.5px;margin:0 0 20px}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:10px}
.tile{border:1px solid #d9e0e6;border-radius:7px;padding:11px 13px 10px}
.tile b{display:block;font-size:23px;line-height:1.2;font-weight:650;margin:2px 0}
.tile span{color:#475563;font-size:12.5px}
.tile em{font-style:normal;font-size:12px;color:#5f6c79;display:block}
.tile .delta{color:${colors.accent}}
.tile .delta.more{color:${colors.warm}}
.attention{list-style:none;margin:0;padding:0;border:1px solid #d9e0e6;border-radius:7px;overflow:hidden}
.attention li{padding:9px 14px 9px 16px;border-left:4px solid #e2a72e}
.attention li+li{border-top:1px solid #e6ebef}
.attention li.grave{border-left-color:${colors.warm};background:#fdf5f3}
.attention li.none{border-left-color:#3f8f9b}
code{font:11.5px/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","WenQuanYi Micro Hei",monospace;color:#586674;overflow-wrap:anywhere}
.attention code{display:block;margin-top:1px}
svg{display:block;width:100%;height:auto}
svg text{font-size:11px;fill:#5f6c79}
svg .grid{stroke:#e6ebef}svg .axis{stroke:#aab5bf}
svg .frame{fill:none;stroke:#475563;stroke-width:1.2;stroke-dasharray:4 3}
svg.bar{height:9px;width:100%;min-width:60px}
svg.parts{height:15px;border-radius:3px;overflow:hidden;background:#eef1f4}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 8px;padding:0;font-size:12px;color:#475563}
.legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px;vertical-align:-1px}
table{border-collapse:collapse;width:100%;font-size:12.8px}
th{font-weight:600;text-align:left;color:#586674;font-size:12px;border-bottom:1px solid #aab5bf;padding:4px 10px 5px 0;vertical-align:bottom;text-transform:lowercase}
td{padding:5px 10px 5px 0;border-bottom:1px solid #e6ebef;vertical-align:middle;overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}.time{white-space:nowrap}
td.chart{width:22%}
tr{break-inside:avoid}
.muted{color:#65727f}.more{color:${colors.warm}}
.two{display:grid;grid-template-columns:1fr 1fr;gap:28px}
.two section{min-width:0}
.levels{display:grid;grid-template-columns:auto 1fr auto;gap:9px 14px;align-items:center;font-size:12.8px}
dl{display:grid;grid-template-columns:auto 1fr;gap:5px 18px;margin:0;font-size:13px}
dt{color:#586674}dd{margin:0}
footer{margin-top:34px;border-top:1px solid #d9e0e6;padding-top:10px;color:#5f6c79;font-size:11.5px;break-inside:avoid}
footer ul{margin:4px 0 0;padding-left:18px}
@media screen and (max-width:700px){body{padding:24px 18px}.tiles,.two{grid-template-columns:minmax(0,1fr)}.tiles{grid-template-columns:1fr 1fr}
section{overflow-x:auto}th{white-space:nowrap}td{overflow-wrap:break-word}td:first-child{min-width:5em}td:not(.n):not(.chart):not(.time){max-width:60vw}th:empty,td.chart{display:none}}
@media print{html{background:none}body{max-width:none;padding:0;font-size:12px}h1{font-size:24px}h2{font-size:14.5px}
table,dl,.levels{font-size:11.3px}.lead{font-size:13.5px}section{margin-top:22px}code{font-size:10.3px}.tiles{gap:8px}.tile{padding:9px 11px 8px}.tile b{font-size:20px}a{color:inherit}}
`.replaceAll('\n', '')
