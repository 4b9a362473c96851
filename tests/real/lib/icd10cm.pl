# icd10cm.pl - what the publisher's ICD-10-CM files say, read by other means than
# the indexer's, beside what the store and the command answer.
#
#   perl icd10cm.pl years    REAL           FY2025 to FY2026 from the order files
#                                           and from the addenda; prints changes
#   perl icd10cm.pl check    REAL < CARDS   the cards of these codes on both days
#   perl icd10cm.pl differ   REAL < JSON    a comparison of builds of both years
#   perl icd10cm.pl headers  REAL           headers whose codes do not ascend
#   perl icd10cm.pl children REAL < CARDS   the cards of these headers
#   perl icd10cm.pl notes    < XML          a line for each note of the list
#   perl icd10cm.pl dumped   RELEASE < DUMP the same out of the store
#   perl icd10cm.pl words    < XML          codes that an index gives
use strict;
use warnings;
use IO::Uncompress::Unzip qw($UnzipError);
use JSON::PP;

my ($what, $real) = @ARGV;
my $failures = 0;

sub wrong {
    my ($format, @rest) = @_;
    printf "wrong: $format\n", @rest;
    exit 1 if ++$failures > 20;
}

# The lines of the member of a zip whose name matches.
sub lines_of {
    my ($zip, $pattern) = @_;
    my $in = IO::Uncompress::Unzip->new("$real/icd10cm/$zip")
        or die "$zip: $UnzipError\n";
    do {
        if ($in->getHeaderInfo->{Name} =~ $pattern) {
            local $/;
            my $text = <$in>;
            return split /\r?\n/, $text;
        }
    } while ($in->nextStream > 0);
    die "$zip: no member like $pattern\n";
}

my %zip = (
    2025 => '2025/2025-code-descriptions-tabular-order.zip',
    2026 => '2026/2026-code-descriptions-tabular-order.zip');

# code -> [flag, long title], and the codes in order.
sub order_file {
    my ($year) = @_;
    my (%code, @order);
    for my $line (lines_of($zip{$year}, qr/icd10cm_order_\d+\.txt$/)) {
        next if $line eq '';
        my $code = substr $line, 6, 7;
        $code =~ s/ +$//;
        $code{$code} = [substr($line, 14, 1), substr($line, 77), substr($line, 16, 60) =~ s/ +$//r];
        push @order, $code;
    }
    return (\%code, \@order);
}

# Sorted lists: added, gone, turned into a header, retitled.
sub changes {
    my ($old) = order_file(2025);
    my ($new) = order_file(2026);
    my @added = sort grep { !$old->{$_} } keys %$new;
    my @gone = sort grep { !$new->{$_} } keys %$old;
    my @both = sort grep { $old->{$_} } keys %$new;
    my @turned = grep { $old->{$_}[0] eq '1' && $new->{$_}[0] eq '0' } @both;
    my @titles = grep { $old->{$_}[1] ne $new->{$_}[1] || $old->{$_}[2] ne $new->{$_}[2] } @both;
    return ($old, $new, \@added, \@gone, \@turned, \@titles);
}

sub same_list {
    my ($name, $one, $two) = @_;
    wrong '%s: %d codes beside %d', $name, scalar @$one, scalar @$two
        if "@$one" ne "@$two";
}

sub dotted {
    my ($code) = @_;
    return length $code > 3 ? substr($code, 0, 3) . '.' . substr($code, 3) : $code;
}

sub years {
    my ($old, $new, $added, $gone, $turned, $titles) = changes();
    # The figures of the folder's own list of sources.
    my $billable = grep { $new->{$_}[0] eq '1' } @$added;
    my $found = join ' ', scalar @$added, $billable, scalar @$gone,
        scalar @$turned, scalar @$titles;
    wrong 'the order files differ by %s', $found if $found ne '614 487 12 16 45';
    # The publisher's own account: a code that turns into a header is deleted
    # and added again.
    my (%action, $summary);
    for my $line (lines_of($zip{2026}, qr/icd10cm_order_addenda_\d+\.txt$/)) {
        next unless $line =~ /^(Add|Delete|Revise from|Revise to):\s+([01]) (.{7}) /;
        my ($action, $flag, $code) = ($1, $2, $3);
        $code =~ s/ +$//;
        push @{$action{$action}}, $code;
    }
    my %turned = map { $_ => 1 } @$turned;
    same_list 'added', $added, [sort grep { !$turned{$_} } @{$action{Add}}];
    same_list 'gone or turned', [sort @$gone, @$turned], [sort @{$action{Delete}}];
    same_list 'retitled', $titles, [sort @{$action{'Revise to'}}];
    print STDERR "$_\n" for map { dotted($_) } @$added, @$gone, @$turned, @$titles;
}

# One card a line.
sub cards {
    my %card;
    while (my $line = <STDIN>) {
        next if $line !~ /^\{/;
        # JSON::PP is slow: what is not looked at is cut off.
        $line =~ s/,"tabular":.*/}/s;
        $line =~ s/"periods":\[.*?\],//;
        my $card = decode_json($line);
        $card{$card->{undotted}}{$card->{date}} = $card;
    }
    return \%card;
}

sub is_true { my ($value) = @_; return JSON::PP::is_bool($value) && $value }
sub is_false { my ($value) = @_; return JSON::PP::is_bool($value) && !$value }

sub check {
    my ($old, $new, $added, $gone, $turned, $titles) = changes();
    my (undef, $order) = order_file(2026);
    my $cards = cards();
    my ($before, $after) = ('2025-09-30', '2025-10-01');
    for my $code (@$added) {
        my ($was, $is) = @{$cards->{$code}}{$before, $after};
        wrong '%s is known in September', $code
            if is_true($was->{valid}) || is_true($was->{billable});
        wrong '%s begins on another day', $code if ($was->{valid_from} // '') ne $after;
        wrong '%s is not valid in October', $code unless is_true($is->{valid});
        my $flag = $new->{$code}[0] eq '1' ? is_true($is->{billable}) : is_false($is->{billable});
        wrong '%s: its flag of October', $code unless $flag;
    }
    for my $code (@$gone) {
        my ($was, $is) = @{$cards->{$code}}{$before, $after};
        wrong '%s is not valid in September', $code unless is_true($was->{valid});
        wrong '%s is not gone in October', $code unless is_false($is->{valid});
        wrong '%s ends on another day', $code if ($is->{valid_to} // '') ne $before;
    }
    for my $code (@$turned) {
        my ($was, $is) = @{$cards->{$code}}{$before, $after};
        wrong '%s is not billable in September', $code unless is_true($was->{billable});
        wrong '%s is billable in October', $code unless is_false($is->{billable});
        wrong '%s does not say why', $code if ($is->{reason} // '') ne 'needs_more_characters';
        # The publisher's billable codes below it, in his order.
        my @below = grep { index($_, $code) == 0 && $new->{$_}[0] eq '1' } @$order;
        my @said = map { $_->{code} =~ s/\.//r } @{$is->{billable_codes}};
        wrong '%s: %s below it, not %s', $code, "@said", "@below" if "@said" ne "@below";
        wrong '%s: replaced by nothing', $code unless @{$is->{replaced_by}};
    }
    for my $code (@$titles) {
        my ($was, $is) = @{$cards->{$code}}{$before, $after};
        for ([$was, $old], [$is, $new]) {
            my ($card, $file) = @$_;
            wrong '%s: its titles on %s', $code, $card->{date}
                if $card->{descriptors}{long} ne $file->{$code}[1]
                || $card->{descriptors}{short} ne $file->{$code}[2];
        }
    }
}

# Every item of `coderef-index diff --json` is a line.
sub differ {
    my ($old, $new, $added, $gone, $turned, $titles) = changes();
    my %code;
    while (my $line = <STDIN>) {
        next if $line !~ /^\{"table":"icd10cm",/;
        my $item = decode_json($line =~ s/,\s*$//r);
        my $code = $item->{code} =~ s/\.//r;
        wrong '%s changes on %s', $code, $item->{effective}
            if $item->{effective} ne '2025-10-01' || !is_true($item->{effective_certain});
        $code{$item->{kind}}{$code} = 1;
        my $file = $item->{field} eq 'long_description' ? 1 : $item->{field} eq 'short_description' ? 2 : 0;
        wrong '%s: the %s before', $code, $item->{field}
            if defined $item->{before} && $item->{before} ne $old->{$code}[$file];
        wrong '%s: the %s after', $code, $item->{field}
            if defined $item->{after} && $item->{after} ne $new->{$code}[$file];
    }
    same_list 'told as added', [sort keys %{$code{added}}], $added;
    same_list 'told as ended', [sort keys %{$code{ended}}], $gone;
    same_list 'told as turned', [sort keys %{$code{billable}}], $turned;
    same_list 'told as retitled', [sort keys %{$code{title}}], $titles;
}

# header -> the codes right below it, in the order of the file.
sub children_of {
    my ($code, $order) = order_file(2026);
    my %below;
    for my $child (@$order) {
        my $header = substr $child, 0, -1;
        chop $header while length $header >= 3 && !$code->{$header};
        push @{$below{$header}}, $child if length $header >= 3;
    }
    return \%below;
}

sub headers {
    my $below = children_of();
    for my $header (sort keys %$below) {
        print dotted($header), "\n"
            if join(' ', @{$below->{$header}}) ne join(' ', sort @{$below->{$header}});
    }
}

sub children {
    my ($below, $cards, $n) = (children_of(), cards(), 0);
    for my $header (sort keys %$cards) {
        my ($card) = values %{$cards->{$header}};
        my @said = map { $_->{code} =~ s/\.//r } @{$card->{children}};
        wrong '%s: %s right below it', $header, "@said" if "@said" ne "@{$below->{$header}}";
        $n++;
    }
    # 48 of them, counted before by another program.
    wrong '%d headers asked', $n if $n != 48;
}

sub plain {
    my ($text) = @_;
    $text =~ s/<[^>]*>//g;
    $text =~ s/&lt;/</g;
    $text =~ s/&gt;/>/g;
    $text =~ s/&quot;/"/g;
    $text =~ s/&apos;/'/g;
    $text =~ s/&amp;/&/g;
    $text =~ s/\s+/ /g;
    return $text =~ s/^ | $//gr;
}

my %kind = (inclusionTerm => 'inclusion_terms', includes => 'includes',
    excludes1 => 'excludes1', excludes2 => 'excludes2', codeFirst => 'code_first',
    useAdditionalCode => 'use_additional_code', codeAlso => 'code_also', notes => 'notes',
    sevenChrNote => 'seventh_character_note', sevenChrDef => 'seventh_character_note');

sub notes {
    local $/;
    my $text = <STDIN>;
    $text =~ s/<introduction>.*?<\/introduction>//s;
    my ($kind, @node) = ('');
    while ($text =~ /<(\/?)(\w+)([^>]*?)(\/?)>/g) {
        my ($end, $name, $attributes) = ($1, $2, $3);
        my $after = pos $text;
        if (!$end && $name =~ /^(diag|chapter)$/) { push @node, '' }
        elsif (!$end && $name eq 'section') {
            my ($id) = $attributes =~ /id="([^"]*)"/;
            push @node, length $id == 3 ? "$id-$id" : $id;
        }
        elsif ($end && $name =~ /^(diag|chapter|section)$/) { pop @node }
        elsif ($kind{$name}) { $kind = $end ? '' : $kind{$name} }
        elsif (!$end && ($name eq 'name' || $name eq 'note' || $name eq 'extension')) {
            my $close = index $text, "</$name>", $after;
            my $inside = plain(substr $text, $after, $close - $after);
            pos($text) = $close + length "</$name>";
            if ($name eq 'name') { ($node[-1] = $inside) =~ s/\.// }
            elsif ($name eq 'extension') {
                my ($char) = $attributes =~ /char="(.)"/;
                print "$node[-1]\tseventh_characters\t$char $inside\n";
            }
            elsif ($kind ne '') { print "$node[-1]\t$kind\t$inside\n" }
        }
    }
}

sub dumped {
    my $release = $real;
    while (my $line = <STDIN>) {
        next if $line !~ /^icd10cm_tabular\t/;
        chomp $line;
        my (undef, undef, undef, $node, $first, $last, @columns) = split /\t/, $line;
        next if $first gt $release || $last lt $release;
        for (@columns) {
            my ($name, $text) = /^(\w+)=(.*)/ or next;
            next if $name =~ /^(node|parent|title|first|last)$/;
            for my $note (split /\\n/, $text) {
                $note =~ s/\\t/ /;
                print "$node\t$name\t$note\n";
            }
        }
    }
}

sub words {
    local $/;
    my ($text, $n) = (scalar <STDIN>, 0);
    $n++ while $text =~ /<(?:code|manif|subcat|seecat|cell [^>]*)>\s*[A-Z][0-9][0-9A-Z][0-9A-Z.]*-?\s*</g;
    print "$n\n";
}

my %run = (years => \&years, check => \&check, differ => \&differ, headers => \&headers, children => \&children,
    notes => \&notes, dumped => \&dumped, words => \&words);
($run{$what} // die "what?\n")->();
exit($failures > 0);
