import type { ComponentChildren } from 'preact'
import { place } from '../router'

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
  /** At the right, beside title and description. */
  value?: ComponentChildren
  /** At the right of the title, small: when it was. */
  time?: ComponentChildren
  /** Leads to a page … */
  to?: string
  /** … or does something. */
  onClick?: () => void
  /** Below the lines: tags, marks. */
  children?: ComponentChildren
}

export function Cell({ icon, title, desc, value, time, to, onClick, children }: CellProps) {
  const go = (to !== undefined || onClick !== undefined) && time === undefined
  const look = `weui-cell ${to !== undefined || onClick ? 'weui-cell_active' : ''} ${go ? 'cell_go' : ''}`
  const inside = <>
    {icon && <span class="weui-cell__hd cell__icon">{icon}</span>}
    <span class="weui-cell__bd">
      <span class="cell__title">{title}{time && <span class="cell__time">{time}</span>}</span>
      {desc && <span class="weui-cell__desc cell__desc">{desc}</span>}
      {children}
    </span>
    {(value !== undefined || go) && <span class="weui-cell__ft">{value}</span>}
  </>
  // On a wide screen the row whose page stands beside the list is marked.
  if (to) return <a class={look} href={to} aria-current={place.value.path === to ? 'true' : undefined}>{inside}</a>
  if (onClick) return <button type="button" class={look} onClick={onClick}>{inside}</button>
  return <div class="weui-cell">{inside}</div>
}

/** Names and values of one record, read-only. */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>
}

/** Nothing at all when there is no value. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === null || children === undefined || children === '' || children === false) return null
  return <><dt>{name}</dt><dd>{children}</dd></>
}
