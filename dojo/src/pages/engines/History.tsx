import { Text, Title } from '@mantine/core'
import type { Version } from '../../api/types'
import { number } from '../../format'
import { BarChart } from '../../parts/BarChart'
import { rivals } from './Quality'

/** Versions side by side; of more, the latest. */
const most = 8

const when = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined)

/** How each version did on the end of the log that it learnt from, beside the simpler ways on the same questions. */
export function History({ versions }: { versions: Version[] }) {
  const measured = versions.filter(({ metrics }) => typeof metrics.ndcg_10 === 'number').slice(0, most).reverse()
  if (measured.length < 2) return null
  const shown = rivals.filter(({ metric }) => measured.some(({ metrics }) => typeof metrics[metric] === 'number'))
  const words = measured.map(({ created_at, metrics }) => `${when.format(Date.parse(created_at))}: ${shown.map(({ metric, label }) => (typeof metrics[metric] === 'number' ? `${label} ${metrics[metric].toFixed(3)}` : '')).filter(Boolean).join(', ')}`)
  return (
    <div>
      <Title order={3} mb={4}>
        From version to version
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Each on the end of the log that it learnt from, nDCG@10. A version is better than another only where both were asked the same.
      </Text>
      <BarChart
        says={words.join('. ')}
        // Two of one minute are two versions all the same.
        bars={measured.map((version, place) => ({ label: `${place + 1}. ${when.format(Date.parse(version.created_at))}`, values: shown.map(({ metric }) => numberOf(version.metrics[metric])) }))}
        series={[...shown]}
        format={(value) => value.toFixed(3)}
        axisFormat={number}
        height={160}
        labels={most}
      />
    </div>
  )
}
