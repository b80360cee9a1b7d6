import { Alert, Anchor, Group, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { overviewQuery } from '../api/queries'
import type { AnswerFigures, Overview as Figures } from '../api/types'
import { ago, change, count, date, exactly, interaction, price, share, time } from '../format'
import { Badge } from '../parts/Badge'
import { BarChart } from '../parts/BarChart'
import { Icon } from '../parts/Icon'
import { RankedProducts } from '../parts/Products'
import { Empty, Loaded, PageHead, Section } from '../parts/States'
import { Table } from '../parts/Table'
import type { Period } from '../routes'
import { isReadOnly, useEnvironment } from '../shell/environment'
import { Checklist } from './Checklist'

const words: Record<Period, string> = { hour: 'the last hour', day: 'the last 24 hours', week: 'the last 7 days', month: 'the last 30 days' }

export function useOverview(period: Period = 'day') {
  const environment = useEnvironment()
  return useQuery({
    ...overviewQuery(environment, period),
    refetchInterval: period === 'hour' ? 3_000 : 15_000,
    placeholderData: (before, query) => (query?.queryKey[0] === environment ? before : undefined),
  })
}

export function Overview() {
  const { period = 'day' } = useSearch({ from: '/$environment/overview' })
  const navigate = useNavigate()
  const query = useOverview(period)
  return (
    <>
      <PageHead
        title="Overview"
        actions={
          <SegmentedControl
            size="sm"
            aria-label="Period"
            value={period}
            onChange={(value) => void navigate({ to: '.', search: { period: value as Period } })}
            data={[
              { value: 'hour', label: 'Hour' },
              { value: 'day', label: 'Day' },
              { value: 'week', label: 'Week' },
              { value: 'month', label: '30 days' },
            ]}
          />
        }
      >
        {query.data !== undefined && isPast(query.data) ? `What your visitors did in ${words[period]} of your log, which ends on ${date(query.data.present_ms)}.` : `What your visitors did in ${words[period]}.`}
      </PageHead>
      <Loaded query={query} rows={8}>
        {(figures) => <Contents figures={figures} period={period} />}
      </Loaded>
    </>
  )
}

/** Whether the log ended long ago: an import of the past, before the shop sends anything. */
const isPast = (figures: Figures) => figures.present_ms < figures.now_ms

function Contents({ figures, period }: { figures: Figures; period: Period }) {
  const isQuiet = figures.period.interactions === 0
  const past = isPast(figures)
  const environment = useEnvironment()
  return (
    <Stack gap="lg">
      <Checklist figures={figures} />
      <Health figures={figures} />
      <div className="figures">
        <Figure label="Interactions" value={count(figures.period.interactions)} note={change(figures.period.interactions, figures.period.interactions_before)} />
        <Figure label="Visitors" value={count(figures.period.visitors)} note={change(figures.period.visitors, figures.period.visitors_before)} />
        <Figure label="Products" value={count(figures.products)} note={`${count(figures.in_stock)} in stock`} plain />
        <Figure label="All interactions held" value={count(figures.interactions)} note={figures.latest_ms === null ? 'none yet' : `latest ${ago(figures.latest_ms, figures.now_ms)}`} plain />
      </div>
      <Section
        title={period === 'hour' ? 'Interactions per minute' : 'Interactions'}
        aside={
          past ? (
            <Text size="xs" c="dimmed">
              up to {time(figures.present_ms)}
            </Text>
          ) : (
          <Group gap={7}>
            <span className="live-dot" aria-hidden="true" />
            <Text size="xs" c="dimmed">
              {period === 'hour' ? 'updates every 3 seconds' : 'updates by itself'}
            </Text>
          </Group>
          )
        }
      >
        {isQuiet ? (
          <Empty icon="live" title={`Nothing happened in ${words[period]}`}>
            {figures.latest_ms === null
              ? isReadOnly(environment)
                ? 'Interactions that the shop sends appear here within a second.'
                : 'Upload your history, or send interactions from your shop; they appear here within a second.'
              : `The latest interaction was ${ago(figures.latest_ms, figures.now_ms)} (${time(figures.latest_ms)}). Choose a longer period to see it.`}
          </Empty>
        ) : (
          <Chart figures={figures} period={period} />
        )}
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Funnel figures={figures} />
        <ByType figures={figures} />
        <Answers figures={figures} />
        <Section title="Most wanted" aside={<Text size="xs" c="dimmed">visited, carted, bought, rated well</Text>}>
          {figures.top.length === 0 ? (
            <Empty icon="bag" title="No product was wanted" />
          ) : (
            <RankedProducts products={figures.top.slice(0, 8)} figure={(card) => exactly(card.count ?? 0)} />
          )}
        </Section>
        <Section title={past ? 'Trending at the end of the log' : 'Trending now'}>
          {figures.trending.length === 0 ? (
            <Empty icon="overview" title="Nothing rises">
              A product trends when it draws more attention today than in the weeks before.
            </Empty>
          ) : (
            <RankedProducts
              products={figures.trending.slice(0, 8)}
              figure={(card) => <span aria-label={`Rise ${(card.rise ?? 0).toFixed(1)}`}>↗ {(card.rise ?? 0).toFixed(1)}</span>}
            />
          )}
        </Section>
      </SimpleGrid>
    </Stack>
  )
}

function Figure({ label, value, note, plain = false }: { label: string; value: string; note?: string; plain?: boolean }) {
  return (
    <div className="figure">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <div className="figure-value">{value}</div>
      <Text size="xs" c="dimmed">
        {note === undefined ? 'nothing to compare with' : plain ? note : `${note} against the period before`}
      </Text>
    </div>
  )
}

function Chart({ figures, period }: { figures: Figures; period: Period }) {
  const label = new Intl.DateTimeFormat(undefined, period === 'month' ? { day: 'numeric', month: 'short' } : period === 'week' ? { weekday: 'short', hour: '2-digit', minute: '2-digit' } : { timeStyle: 'short' })
  const busiest = figures.bars.reduce((best, bar) => (bar.count > best.count ? bar : best))
  return (
    <BarChart
      says={`${exactly(figures.period.interactions)} interactions; the busiest time was ${time(busiest.time_ms)} with ${exactly(busiest.count)}.`}
      bars={figures.bars.map((bar) => ({ label: label.format(bar.time_ms), values: [bar.count] }))}
      series={[{ label: 'Interactions', color: 'ai.5' }]}
      format={exactly}
      axisFormat={count}
      whole
    />
  )
}

/** What a shop's visitors do one after the other, or a publisher's. */
const funnels = [
  ['product_detail_page_view', 'add_to_cart', 'checkout'],
  ['read', 'complete', 'share'],
  ['watch', 'complete', 'like'],
]

function Funnel({ figures }: { figures: Figures }) {
  const visitorsOf = (type: string) => figures.period.by_type.find((row) => row.type === type)?.visitors ?? 0
  const steps = funnels.reduce((best, one) => (visitorsOf(one[0] ?? '') > visitorsOf(best[0] ?? '') ? one : best))
  const first = Math.max(1, figures.period.visitors)
  return (
    <Section title="Funnel" aside={<Text size="xs" c="dimmed">visitors who did each</Text>}>
      {figures.period.visitors === 0 ? (
        <Empty icon="person" title="No visitor in this period" />
      ) : (
        [['Visited', figures.period.visitors] as const, ...steps.map((type) => [interaction(type), visitorsOf(type)] as const)].map(([label, visitors]) => (
          <Bar key={label} label={label} width={visitors / first} value={`${exactly(visitors)} · ${share(visitors / first)}`} />
        ))
      )}
    </Section>
  )
}

function ByType({ figures }: { figures: Figures }) {
  const rows = [...figures.period.by_type].sort((a, b) => b.count - a.count).slice(0, 8)
  const most = Math.max(1, ...rows.map((row) => row.count))
  return (
    <Section title="What they did">
      {rows.length === 0 ? (
        <Empty icon="live" title="Nothing in this period" />
      ) : (
        rows.map((row) => <Bar key={row.type} label={interaction(row.type)} width={row.count / most} value={exactly(row.count)} />)
      )}
    </Section>
  )
}

const apis: Record<string, string> = {
  'recommendation/user_to_products': 'For a visitor',
  'recommendation/user_to_trending': 'Trending',
  'recommendation/user_to_history': 'History',
  'recommendation/user_to_categories': 'Categories',
  'recommendation/user_to_attributes': 'Attributes',
  'recommendation/product_to_products': 'Related products',
  'search/search': 'Search',
  'search/autocomplete': 'Completion',
  'qa/question_answering': 'Questions answered',
}

/** What Tamari did for the shop: answers, and what visitors then did with what they were shown. */
function Answers({ figures }: { figures: Figures }) {
  const { by_api, by_unit, total, purchases, assisted, attribution_days } = figures.answers
  return (
    <div style={{ gridColumn: '1 / -1' }}>
      <Section title="What became of the answers" aside={<Text size="xs" c="dimmed">since {time(figures.answers.since_ms)}</Text>}>
        {total.answers === 0 ? (
          <Empty icon="sandbox" title="No answers were given in this period">
            Recommendations and search results are counted here, with what visitors did with them. Send the answer’s miso_id with each click, so that it can be joined to its answer.
          </Empty>
        ) : (
          <Stack gap="md">
            <div className="figures">
              <Figure label="Click-through" value={rate(total.ctr)} note={total.impressions > 0 ? `of ${count(total.impressions)} impressions` : `of ${count(total.shown)} products shown`} plain />
              <Figure label="Click-through in view" value={rate(total.viewable_ctr)} note={total.viewable_impressions > 0 ? `of ${count(total.viewable_impressions)} seen` : 'the site reports no views'} plain />
              <Figure label="Conversion of clicks" value={rate(total.conversion_rate)} note={`${count(total.conversions)} bought`} plain />
              <Figure label="Assisted by Tamari" value={purchases === 0 ? '–' : share(assisted / purchases)} note={purchases === 0 ? 'nothing was bought' : `${count(assisted)} of ${count(purchases)} products bought`} plain />
            </div>
            <Outcomes label="Answers by kind" first="Kind" rows={by_api.map((row) => [apis[row.api] ?? row.api, row])} />
            {by_unit.length > 0 && <Outcomes label="Answers by place of the site" first="Place of the site" rows={by_unit.map((row) => [row.unit_id, row])} />}
            <Text size="xs" c="dimmed">
              A product bought counts for the answer in which the same person clicked it within {attribution_days} days before.
              {total.clicks === 0 && ' No click was joined to an answer yet: send the answer’s miso_id with each interaction.'}
            </Text>
          </Stack>
        )}
      </Section>
    </div>
  )
}

const rate = (value: number | null) => (value === null ? '–' : share(value))

function Outcomes({ label, first, rows }: { label: string; first: string; rows: [string, AnswerFigures][] }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <Table miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{first}</Table.Th>
            <Table.Th ta="right">Answers</Table.Th>
            <Table.Th ta="right">Products shown</Table.Th>
            <Table.Th ta="right">Clicks</Table.Th>
            <Table.Th ta="right">CTR</Table.Th>
            <Table.Th ta="right">CTR in view</Table.Th>
            <Table.Th ta="right">Bought</Table.Th>
            <Table.Th ta="right">Revenue</Table.Th>
            <Table.Th ta="right">Share of purchases</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, row]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="right">{exactly(row.answers)}</Table.Td>
              <Table.Td ta="right">{exactly(row.shown)}</Table.Td>
              <Table.Td ta="right">{exactly(row.clicks)}</Table.Td>
              <Table.Td ta="right">{rate(row.ctr)}</Table.Td>
              <Table.Td ta="right">{rate(row.viewable_ctr)}</Table.Td>
              <Table.Td ta="right">{exactly(row.conversions)}</Table.Td>
              <Table.Td ta="right">{price(row.revenue)}</Table.Td>
              <Table.Td ta="right">{rate(row.assisted_share)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function Bar({ label, width, value }: { label: string; width: number; value: string }) {
  return (
    <div className="bar-row">
      <span>{label}</span>
      <span className="bar-track" aria-hidden="true">
        <span className="bar" style={{ display: 'block', width: `${Math.min(100, width * 100)}%` }} />
      </span>
      <Text size="sm" c="dimmed" component="span">
        {value}
      </Text>
    </div>
  )
}

/** What needs a look, and only that. */
function Health({ figures }: { figures: Figures }) {
  const environment = useEnvironment()
  const unknown = figures.period.unknown_products
  const notes = [
    !figures.is_ready && 'Text search is still being rebuilt after the start; search answers are incomplete for a moment.',
    unknown > 0 && figures.products > 0 && `${exactly(unknown)} interactions of this period name products that are not in the catalogue.`,
    ...figures.engines
      .filter((engine) => !engine.newest_is_in_use)
      .map((engine) => `The last training of the engine “${engine.engine_id}” was kept out; the version before it answers.`),
    figures.model === null && figures.interactions > 0 && 'No model was trained yet: recommendations rest on popularity and on what each visitor just did.',
  ].filter((note) => note !== false)
  if (notes.length === 0) {
    return figures.model === null ? null : (
      <Group gap={8}>
        <Badge color="take" variant="light" leftSection={<Icon name="check" size={13} />}>
          All is well
        </Badge>
        <Text size="xs" c="dimmed">
          Search is ready; {figures.engines.length === 1 ? 'the engine was trained' : `${figures.engines.filter((engine) => engine.in_use !== null).length} of ${figures.engines.length} engines are trained, the default one`}{' '}
          {ago(Date.parse(figures.model.created_at), figures.now_ms)}.
        </Text>
      </Group>
    )
  }
  return (
    <Alert color="kin" variant="light" icon={<Icon name="warning" />} title="Worth a look">
      {notes.map((note) => (
        <Text size="sm" key={note}>
          {note}
        </Text>
      ))}
      <Anchor component={Link} to={`/${environment}/sandbox`} size="sm">
        See what the answers look like
      </Anchor>
    </Alert>
  )
}
