import { UnstyledButton } from '@mantine/core'
import { Icon } from './Icon'
import { Table } from './Table'

interface Props {
  children: string
  /** The direction in which the table is sorted by this column; `undefined` where it is not. */
  sorted?: 'ascending' | 'descending'
  press: () => void
  right?: boolean
}

/** The head of a column that a table can be sorted by. */
export function SortHead({ children, sorted, press, right = false }: Props) {
  return (
    <Table.Th aria-sort={sorted ?? 'none'} ta={right ? 'right' : undefined}>
      <UnstyledButton className="sort-head" onClick={press} data-sorted={sorted}>
        {children}
        <Icon name={sorted === 'ascending' ? 'up' : 'down'} size={13} />
      </UnstyledButton>
    </Table.Th>
  )
}
