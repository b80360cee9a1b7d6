/**
 * Tables and their cells as the browser has them, with our look: a page of a list has hundreds of cells, and each that is a component
 * of the kit costs a tenth of a millisecond.
 */

import type { ComponentProps, CSSProperties } from 'react'

interface TableProps extends ComponentProps<'table'> {
  /** Narrower than this, it scrolls. */
  miw?: number
  layout?: 'fixed'
  highlightOnHover?: boolean
  stickyHeader?: boolean
  verticalSpacing?: number
}

export function Table({ miw, layout, highlightOnHover = false, stickyHeader = false, verticalSpacing, style, ...rest }: TableProps) {
  const own = { minWidth: miw, tableLayout: layout, ...(verticalSpacing === undefined ? {} : { '--cell': `${verticalSpacing}px` }), ...style } as CSSProperties
  return <table className="table" data-hover={highlightOnHover || undefined} data-sticky={stickyHeader || undefined} style={own} {...rest} />
}

interface CellProps<E extends 'td' | 'th'> {
  ta?: 'right'
  w?: number | string
  fw?: number
  c?: 'dimmed'
  children?: ComponentProps<E>['children']
}

type Cell<E extends 'td' | 'th'> = CellProps<E> & Omit<ComponentProps<E>, keyof CellProps<E>>

const look = ({ ta, w, fw, c, style }: { ta?: 'right'; w?: number | string; fw?: number; c?: 'dimmed'; style?: CSSProperties }): CSSProperties => ({ textAlign: ta, width: w, fontWeight: fw, color: c === undefined ? undefined : 'var(--mantine-color-dimmed)', ...style })

const Td = ({ ta, w, fw, c, style, ...rest }: Cell<'td'>) => <td style={look({ ta, w, fw, c, style })} {...rest} />
const Th = ({ ta, w, fw, c, style, ...rest }: Cell<'th'>) => <th style={look({ ta, w, fw, c, style })} {...rest} />
const Tr = (props: ComponentProps<'tr'>) => <tr {...props} />
const Thead = (props: ComponentProps<'thead'>) => <thead {...props} />
const Tbody = (props: ComponentProps<'tbody'>) => <tbody {...props} />

Table.Td = Td
Table.Th = Th
Table.Tr = Tr
Table.Thead = Thead
Table.Tbody = Tbody
