import { useSignal } from '@preact/signals'
import { Cell, Cells, Icon } from '../core/ui'
import { fullName, OTHER, recentsOf, search, useCategories, type Group, type Kind } from './categories'

/** Two taps: a recent kind, or its group and then the kind. It stands in the form itself, so that nothing has to be opened first. */
export function CategoryPicker({ value, filed, onChange }: { value: string; filed: string[]; onChange: (code: string) => void }) {
  const found = useCategories()
  const groups = found.data.value?.items ?? []
  const changing = useSignal(false)
  const pick = (code: string) => {
    changing.value = false
    onChange(code)
  }
  if (value && !changing.value) return <Cells title="类别"><Cell title={fullName(groups, value) || OTHER.name} value="修改" onClick={() => { changing.value = true }} /></Cells>
  if (!groups.length) return <NoList onPick={pick} />
  return <Choices groups={groups} recents={recentsOf(filed, groups)} onPick={pick} />
}

/** Never online before: better filed under 其他 than not at all. */
function NoList({ onPick }: { onPick: (code: string) => void }) {
  return <Cells title="类别"><Cell title="先记为“其他”" desc="类别表还没有取到本机，联网后可以更正" onClick={() => onPick(OTHER.code)} /></Cells>
}

function Choices({ groups, recents, onPick }: { groups: Group[]; recents: Kind[]; onPick: (code: string) => void }) {
  const words = useSignal('')
  const open = useSignal<string | null>(null)
  const hits = search(groups, words.value)
  return (
    <Cells title="类别">
      <label class="category__search"><Icon name="search" /><input type="search" placeholder="搜索，如 停车、漏水" aria-label="搜索类别" value={words.value} enterKeyHint="search" onInput={event => { words.value = event.currentTarget.value }} /></label>
      {words.value.trim()
        ? hits.length ? <Kinds label="搜到的类别" kinds={hits} onPick={onPick} /> : <p class="category__none">没有这个类别，可以换个词或选“其他”</p>
        : <>
          {recents.length > 0 && <><p class="category__none">最近用过</p><Kinds label="最近用过" kinds={recents} onPick={onPick} /></>}
          <div class="category__groups">
            {groups.map(group => <GroupChoice key={group.code} group={group} open={open.value === group.code} onToggle={() => { open.value = open.value === group.code ? null : group.code }} onPick={onPick} />)}
          </div>
        </>}
    </Cells>
  )
}

/** A group with one kind is that kind. */
function GroupChoice({ group, open, onToggle, onPick }: { group: Group; open: boolean; onToggle: () => void; onPick: (code: string) => void }) {
  const only = group.children.length === 1 ? group.children[0] : undefined
  return <>
    <button type="button" class="category__group" aria-expanded={only ? undefined : open} onClick={() => only ? onPick(only.code) : onToggle()}>{group.name}</button>
    {open && <div class="category__kinds"><Kinds label={group.name} kinds={group.children} onPick={onPick} /></div>}
  </>
}

function Kinds({ label, kinds, onPick }: { label: string; kinds: Kind[]; onPick: (code: string) => void }) {
  return <div class="chips category__chips" role="group" aria-label={label}>{kinds.map(kind => <button type="button" key={kind.code} class="chip" onClick={() => onPick(kind.code)}>{kind.name}</button>)}</div>
}
