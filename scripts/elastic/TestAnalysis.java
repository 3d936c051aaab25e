package tocsin.testanalysis;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.miscellaneous.TruncateTokenFilter;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
import org.elasticsearch.cluster.node.DiscoveryNodes;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.settings.ClusterSettings;
import org.elasticsearch.common.settings.IndexScopedSettings;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.settings.SettingsFilter;
import org.elasticsearch.features.NodeFeature;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.ActionPlugin;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestController;
import org.elasticsearch.rest.RestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;

/**
 * Gives the integration-test distribution, which has the server's core alone, the few analysis parts of a full
 * distribution that Tocsin's template names: the same names, the same settings, the same Lucene classes behind them.
 * What is not listed here stays unknown and is refused, so a template that passes the tests uses nothing beyond it.
 */
public final class TestAnalysis extends Plugin implements AnalysisPlugin, ActionPlugin {

    private interface Wrap {
        TokenStream around(TokenStream in);
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "asciifolding", (index, env, name, settings) -> new Letters(name, settings, ASCIIFoldingFilter::new),
            "trim", (index, env, name, settings) -> new Letters(name, settings, TrimFilter::new),
            "truncate", (index, env, name, settings) -> {
                int length = settings.getAsInt("length", 10);
                return new Filter(name, settings, in -> new TruncateTokenFilter(in, length));
            },
            "porter_stem", (index, env, name, settings) -> new Filter(name, settings, PorterStemFilter::new)
        );
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("char_group", (index, env, name, settings) -> {
            Predicate<Integer> separator = separators(settings.getAsList("tokenize_on_chars"));
            return TokenizerFactory.newFactory(name, () -> CharTokenizer.fromSeparatorCharPredicate(separator::test));
        });
    }

    /** A setting of index lifecycle management: accepted, so that a template is the same text here; nothing acts on it. */
    @Override
    public List<Setting<?>> getSettings() {
        return List.of(Setting.simpleString("index.lifecycle.name", Setting.Property.Dynamic, Setting.Property.IndexScope));
    }

    @Override
    public Collection<RestHandler> getRestHandlers(Settings settings, NamedWriteableRegistry registry, RestController controller,
        ClusterSettings cluster, IndexScopedSettings index, SettingsFilter filter, IndexNameExpressionResolver resolver,
        Supplier<DiscoveryNodes> nodes, Predicate<NodeFeature> features) {
        return List.of(new Root(settings.get("cluster.name", "elasticsearch")));
    }

    private static Predicate<Integer> separators(List<String> groups) {
        Set<Integer> single = new TreeSet<>();
        Predicate<Integer> all = single::contains;
        for (String group : groups) {
            if (group.codePointCount(0, group.length()) == 1) {
                single.add(group.codePointAt(0));
                continue;
            }
            Predicate<Integer> next = switch (group) {
                case "whitespace" -> Character::isWhitespace;
                case "punctuation" -> types("_PUNCTUATION");
                case "symbol" -> types("_SYMBOL");
                default -> throw new IllegalArgumentException("tokenize_on_chars [" + group + "] is not in the test plugin");
            };
            all = all.or(next);
        }
        return all;
    }

    /** Characters of the general categories whose names in Character end so. */
    private static Predicate<Integer> types(String ending) {
        Set<Integer> types = List.of(Character.class.getFields()).stream()
            .filter(f -> f.getType() == byte.class && f.getName().toUpperCase(Locale.ROOT).endsWith(ending))
            .map(f -> {
                try {
                    return (int) f.getByte(null);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            })
            .collect(Collectors.toSet());
        return c -> types.contains(Character.getType(c));
    }

    private static class Filter extends AbstractTokenFilterFactory {
        private final Wrap wrap;

        Filter(String name, Settings settings, Wrap wrap) {
            super(name, settings);
            this.wrap = wrap;
        }

        @Override
        public TokenStream create(TokenStream in) {
            return wrap.around(in);
        }
    }

    /** A filter that changes letters only and may therefore stand in a normalizer. */
    private static final class Letters extends Filter implements NormalizingTokenFilterFactory {
        Letters(String name, Settings settings, Wrap wrap) {
            super(name, settings, wrap);
        }
    }

    /** GET / and HEAD /, which a full distribution has in a module. */
    private static final class Root extends BaseRestHandler {
        private final String cluster;

        Root(String cluster) {
            this.cluster = cluster;
        }

        @Override
        public String getName() {
            return "test_root";
        }

        @Override
        public List<Route> routes() {
            return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
        }

        @Override
        protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
            return channel -> {
                var b = channel.newBuilder().startObject();
                b.field("cluster_name", cluster);
                b.startObject("version").field("number", Build.current().version()).endObject();
                b.field("tagline", "You Know, for Search").endObject();
                channel.sendResponse(new RestResponse(RestStatus.OK, b));
            };
        }
    }
}
