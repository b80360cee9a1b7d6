import { Link } from '@tanstack/react-router'
import type { TimelineEvent } from '../../api/types'
import { ago, interaction, number, time } from '../../format'
import { Badge } from '../../parts/Badge'
import { Picture } from '../../parts/Picture'
import { titleOf } from '../../parts/Products'
import { Table } from '../../parts/Table'
import { useEnvironment } from '../../shell/environment'

const colors: Record<string, string> = { checkout: 'take', add_to_cart: 'kin', dislike: 'shu', refund: 'shu', remove_from_cart: 'shu' }

export const TypeBadge = ({ type }: { type: string }) => (
  <Badge size="sm" variant="light" color={colors[type] ?? 'ai'} style={{ flex: 'none' }}>
    {interaction(type)}
  </Badge>
)

/** What was done, latest first; `who` names the person of each line, `what` the product. */
export function Timeline({ events, who = false, what = true }: { events: TimelineEvent[]; who?: boolean; what?: boolean }) {
  const environment = useEnvironment()
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Interactions, latest first">
      <Table highlightOnHover miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={150}>When</Table.Th>
            <Table.Th w={230}>What</Table.Th>
            {what && <Table.Th>Product</Table.Th>}
            {who && <Table.Th>Who</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event, place) => (
            <Table.Tr key={`${event.time_ms}-${place}`}>
              <Table.Td>
                <time dateTime={new Date(event.time_ms).toISOString()} title={time(event.time_ms)}>
                  {ago(event.time_ms)}
                </time>
              </Table.Td>
              <Table.Td>
                <div className="cell-pair">
                  <TypeBadge type={event.type} />
                  {event.value !== null && (
                    <span className="note" style={{ whiteSpace: 'nowrap' }}>
                      {event.type === 'rate' ? `${number(event.value)} ★` : event.type.includes('cart') || event.type === 'checkout' ? `× ${number(event.value)}` : `${number(event.value)} s`}
                    </span>
                  )}
                </div>
              </Table.Td>
              {what && (
                <Table.Td>
                  {event.product === null ? (
                    '–'
                  ) : (
                    <div className="cell-pair">
                      <Picture src={event.product.cover_image} className="small-picture" iconSize={15} />
                      {event.product.known ? (
                        <Link className="row-link" to="/$environment/data/products/$id" params={{ environment, id: event.product.product_id }}>
                          {titleOf(event.product)}
                        </Link>
                      ) : (
                        <span>
                          <span className="mono">{event.product.product_id || 'a group'}</span> <span className="note">not in the catalogue</span>
                        </span>
                      )}
                    </div>
                  )}
                </Table.Td>
              )}
              {who && (
                <Table.Td>
                  <Link
                    className="row-link mono"
                    to="/$environment/data/users/$kind/$id"
                    params={{ environment, kind: event.user_id === null ? 'anonymous' : 'user', id: event.user_id ?? event.anonymous_id ?? '' }}
                  >
                    {event.user_id ?? event.anonymous_id}
                  </Link>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
