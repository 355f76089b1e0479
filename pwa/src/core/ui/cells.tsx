import type { ComponentChildren } from 'preact'

/** Grouped cells, the WeChat way to show nearly everything. */
export function Cells({ title, tips, aside, children }: { title?: ComponentChildren; tips?: ComponentChildren; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section>
      {(title || aside) && <h2 class="weui-cells__title"><span>{title}</span>{aside && <span>{aside}</span>}</h2>}
      <div class="weui-cells">{children}</div>
      {tips && <p class="weui-cells__tips">{tips}</p>}
    </section>
  )
}

export interface CellProps {
  icon?: ComponentChildren
  title: ComponentChildren
  /** Second, grey line. */
  desc?: ComponentChildren
  /** At the right. */
  value?: ComponentChildren
  /** Leads to a page … */
  to?: string
  /** … or does something. */
  onClick?: () => void
  /** Below the lines: tags, marks. */
  children?: ComponentChildren
}

export function Cell({ icon, title, desc, value, to, onClick, children }: CellProps) {
  const inside = <>
    {icon && <span class="weui-cell__hd cell__icon">{icon}</span>}
    <span class="weui-cell__bd">
      <span class="cell__title">{title}</span>
      {desc && <span class="weui-cell__desc cell__desc">{desc}</span>}
      {children}
    </span>
    <span class="weui-cell__ft">{value}</span>
  </>
  if (to) return <a class="weui-cell weui-cell_access weui-cell_active" href={to}>{inside}</a>
  if (onClick) return <button type="button" class="weui-cell weui-cell_access weui-cell_active" onClick={onClick}>{inside}</button>
  return <div class="weui-cell">{inside}</div>
}

/** Names and values of one record, read-only. */
export function Facts({ rows }: { rows: [name: string, value: ComponentChildren][] }) {
  return <dl class="facts">{rows.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false).map(([name, value]) => <><dt key={name}>{name}</dt><dd>{value}</dd></>)}</dl>
}
