import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { Text, Title } from '@mantine/core'
import type { Version } from '../../api/types'
import { rivals } from './Quality'

/** Versions side by side; of more, the latest. */
const most = 8

const when = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

/** How each version did on the end of the log that it learnt from, beside the simpler ways on the same questions. */
export function History({ versions }: { versions: Version[] }) {
  const measured = versions.filter(({ metrics }) => typeof metrics.ndcg_10 === 'number').slice(0, most).reverse()
  if (measured.length < 2) return null
  const shown = rivals.filter(({ metric }) => measured.some(({ metrics }) => typeof metrics[metric] === 'number'))
  // Two of one minute are two versions all the same.
  const data = measured.map((version, place) => ({
    at: `${place + 1}. ${when.format(Date.parse(version.created_at))}`,
    ...Object.fromEntries(shown.map(({ metric, label }) => [label, version.metrics[metric] as number | undefined])),
  }))
  const words = measured.map(({ created_at, metrics }) => `${when.format(Date.parse(created_at))}: ${shown.map(({ metric, label }) => (typeof metrics[metric] === 'number' ? `${label} ${metrics[metric].toFixed(3)}` : '')).filter(Boolean).join(', ')}`)
  return (
    <div>
      <Title order={3} mb={4}>
        From version to version
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Each on the end of the log that it learnt from, nDCG@10. A version is better than another only where both were asked the same.
      </Text>
      <div role="img" aria-label={words.join('. ')}>
        <BarChart
          className="chart"
          h={220}
          data={data}
          dataKey="at"
          series={shown.map(({ label, color }) => ({ name: label, color }))}
          gridAxis="none"
          tickLine="none"
          withLegend
          legendProps={{ verticalAlign: 'bottom' }}
          valueFormatter={(value) => value.toFixed(3)}
          barProps={{ radius: [2, 2, 0, 0], isAnimationActive: false }}
          xAxisProps={{ minTickGap: 12 }}
          yAxisProps={{ width: 44 }}
        />
      </div>
    </div>
  )
}
