import { Alert, Text, Title } from '@mantine/core'
import type { Version } from '../../api/types'
import { exactly, share } from '../../format'
import { Icon } from '../../parts/Icon'

interface Bin {
  said: number
  came_true: number
  cases: number
}

const list = <T,>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : [])

/** What a model is measured beside, on the same questions: the names of its figures, and theirs for people. */
export const rivals = [
  { metric: 'ndcg_10', label: 'This model', color: 'ai.6' },
  { metric: 'ndcg_10_popularity', label: 'What is popular', color: 'gray.6' },
  { metric: 'ndcg_10_recent_popularity', label: 'What is popular lately', color: 'gray.5' },
  { metric: 'ndcg_10_item_to_item', label: 'What goes with the last product', color: 'kin.5' },
  { metric: 'ndcg_10_linear', label: 'What fits the whole history', color: 'take.5' },
] as const

/** The model and those it is measured beside, as far as its version says; nothing where the model itself was not measured. */
export function beside(version: Version): { label: string; value: number; color: string }[] {
  const found = rivals.map(({ metric, label, color }) => ({ label, color, value: version.metrics[metric] }))
  const measured = found.filter((one): one is typeof one & { value: number } => typeof one.value === 'number')
  return measured[0]?.label === rivals[0].label && measured.length > 1 ? measured : []
}

/** How a model did on the end of its own log, beside what simpler ways would have done. */
export function Quality({ version }: { version: Version }) {
  const cases = version.metrics.validation_cases
  const bars = beside(version)
  if (typeof cases !== 'number' || cases === 0 || bars.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There is too little data yet to hold a part back and measure the model on it.
      </Text>
    )
  }
  const most = Math.max(...bars.map(({ value }) => value), 1e-6)
  return (
    <div className="halves">
    <div>
      <Title order={3} mb={4}>
        Quality
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Asked {exactly(cases)} questions of the last part of the log, which it had not seen: how far up was what the visitor then chose? (nDCG@10, from 0 to 1)
      </Text>
      {bars.map(({ label, value, color }) => (
        <div className="bar-row" key={label}>
          <span>{label}</span>
          <span className="bar-track" aria-hidden="true">
            <span className="bar" style={{ display: 'block', width: `${(value / most) * 100}%`, background: `var(--mantine-color-${color.replace('.', '-')})` }} />
          </span>
          <Text size="sm" c="dimmed" component="span">
            {value.toFixed(3)}
          </Text>
        </div>
      ))}
      {version.metrics.worse_than_popularity === true && (
        <Alert mt="xs" color="kin" variant="light" icon={<Icon name="warning" />}>
          Popularity alone would have done better. With more interactions per visitor this changes; until then the answers lean on popularity.
        </Alert>
      )}
    </div>
      <Reliability bins={list<Bin>(version.metrics.reliability)} />
    </div>
  )
}

const SIDE = 190
const EDGE = 44
/** Room for half of the last label. */
const RIGHT = 24

/** Said against came true: on the line, a chance is what it says. Both axes by the square root, as most chances are small. */
function Reliability({ bins }: { bins: Bin[] }) {
  if (bins.length < 2) return null
  const top = Math.max(...bins.flatMap(({ said, came_true }) => [said, came_true]), 1e-4)
  const at = (value: number) => Math.sqrt(Math.max(value, 0) / top) * SIDE
  const point = ({ said, came_true }: Bin) => `${EDGE + at(said)},${10 + SIDE - at(came_true)}`
  const words = `Of what was given a chance of ${bins.map(({ said, came_true }) => `${share(said)}, ${share(came_true)} came true`).join('; of ')}.`
  return (
    <div>
      <Title order={3} mb={4}>
        Can its chances be believed?
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        The score of a product says how likely the visitor chooses it next. On the line, it came true as often as it said.
      </Text>
      <svg role="img" aria-label={words} viewBox={`0 0 ${SIDE + EDGE + RIGHT} ${SIDE + 42}`} style={{ width: '100%', maxWidth: 300 }}>
        <rect x={EDGE} y={10} width={SIDE} height={SIDE} fill="var(--quiet)" rx={4} />
        <line x1={EDGE} y1={10 + SIDE} x2={EDGE + SIDE} y2={10} stroke="var(--mantine-color-dimmed)" strokeDasharray="3 4" />
        <polyline points={bins.map(point).join(' ')} fill="none" stroke="var(--mantine-color-ai-6)" strokeWidth={2} />
        {bins.map((bin) => (
          <circle key={bin.said} cx={EDGE + at(bin.said)} cy={10 + SIDE - at(bin.came_true)} r={3.5} fill="var(--mantine-color-ai-6)">
            <title>{`said ${share(bin.said)}, came true ${share(bin.came_true)} of ${exactly(bin.cases)} times`}</title>
          </circle>
        ))}
        {[0.05, 0.3, 1].map((part) => (
          <g key={part} fontSize={10} fill="var(--mantine-color-dimmed)">
            <text x={EDGE + at(part * top)} y={SIDE + 24} textAnchor="middle">
              {share(part * top)}
            </text>
            <text x={EDGE - 4} y={13 + SIDE - at(part * top)} textAnchor="end">
              {share(part * top)}
            </text>
          </g>
        ))}
        <text x={EDGE + SIDE / 2} y={SIDE + 38} textAnchor="middle" fontSize={10} fill="var(--mantine-color-dimmed)">
          said → came true ↑
        </text>
      </svg>
    </div>
  )
}
